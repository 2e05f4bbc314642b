import {element} from './element.ts'
import type {Viewport} from './viewport.ts'

/** The words beside the cell that has the pointer or the focus, until Escape. */
export interface Tip {
  readonly root: HTMLElement
  /** Beside a point of the stage. */
  readonly show: (text: string, view: Viewport, px: number, py: number) => void
  readonly hide: () => void
}

export function tip(): Tip {
  const root = element('div', {class: 'tip', 'aria-hidden': 'true', hidden: ''})
  const hide = () => (root.hidden = true)
  // Before those who show it again for the same key.
  document.addEventListener('keydown', ({key}) => (key === 'Escape' ? hide() : undefined), {capture: true})
  return {
    root,
    hide,
    show(text, view, px, py) {
      root.textContent = text
      root.hidden = false
      const isRight = px > view.width / 2
      root.style.left = isRight ? 'auto' : `${px + view.cell + 10}px`
      root.style.right = isRight ? `${view.width - px + 10}px` : 'auto'
      root.style.top = `${Math.max(0, Math.min(view.height - root.offsetHeight, py + 8))}px`
    },
  }
}
