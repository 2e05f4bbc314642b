import {readFile} from 'node:fs/promises'
import ts from 'typescript'

/** The tests of a file, each with those that it is in: `a part of the plan > is counted`. */
export async function titlesIn(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8')
  const titles: string[] = []
  const visit = (node: ts.Node, around: readonly string[]) => {
    const title = titleOf(node)
    const inside = title === undefined ? around : [...around, title.text]
    if (title?.isTest === true) titles.push(inside.join(' > '))
    ts.forEachChild(node, (child) => visit(child, inside))
  }
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest), [])
  return titles
}

/** `test('x', ...)`, `describe.skipIf(y).concurrent('x', ...)`, `test.each(z)('x', ...)`; nothing that never runs. */
function titleOf(node: ts.Node): {text: string; isTest: boolean} | undefined {
  if (!ts.isCallExpression(node)) return undefined
  const [title] = node.arguments
  if (title === undefined || !ts.isStringLiteralLike(title)) return undefined
  const names = namesOf(node.expression)
  const [root = ''] = names
  if (names.includes('skip') || names.includes('todo')) return undefined
  const isTest = root === 'test'
  return isTest || root.startsWith('describe') ? {text: title.text, isTest} : undefined
}

/** `test`, `each` of `test.each([1])`. */
function namesOf(expression: ts.Expression): string[] {
  if (ts.isCallExpression(expression)) return namesOf(expression.expression)
  if (ts.isPropertyAccessExpression(expression))
    return [...namesOf(expression.expression), expression.name.text]
  return ts.isIdentifier(expression) ? [expression.text] : []
}
