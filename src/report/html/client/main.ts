import {count} from '../../../text/wording.ts'
import {board} from './board.ts'
import {cellsOf} from './cells.ts'
import {unpack} from './data.ts'
import {element} from './element.ts'
import {filters} from './filters.ts'
import {listOf} from './list.ts'

const section = document.getElementById('matrix')
const list = document.getElementById('list')
const packed = document.getElementById('data')?.textContent ?? ''
if (section !== null && list !== null) {
  start(section, list).catch((error: unknown) => {
    section.hidden = false
    section.append(element('p', {}, `This browser cannot show the matrix: ${String(error)}`))
  })
}

async function start(section: HTMLElement, list: HTMLElement): Promise<void> {
  const data = await unpack(packed)
  const matrix = board(data)
  const said = element('p', {role: 'status', class: 'about'})
  const form = filters(data, show)
  section.append(form.form, said, matrix.root)
  section.hidden = false
  show()
  document.documentElement.dataset['ready'] = 'true'

  function show(): void {
    const cells = cellsOf(data, form.predicate(), form.order())
    said.textContent = `${cells.wanted.length.toLocaleString('en')} of ${count(data.told.size, 'probe')}, ${count(cells.rows.length, 'source')}, ${count(cells.columns.length, 'target')}`
    matrix.show(cells)
    list.replaceChildren(listOf(data, cells.wanted))
  }
}
