import * as z from 'zod'

type Labels = Readonly<Record<string, string>>

const expression = z.object({
  key: z.string(),
  operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
  values: z.array(z.string()).nullish(),
})

type Expression = z.infer<typeof expression>

/** A LabelSelector; what cannot be read of it may select anything. */
export const selectorSchema = z.object({
  matchLabels: z.record(z.string(), z.string()).nullish(),
  matchExpressions: z.array(expression.or(z.unknown().transform(() => undefined))).nullish(),
})
export type Selector = z.infer<typeof selectorSchema>

/** The DaemonSet controller's own labels: what they will say, nobody knows before. */
const CONTROLLERS = ['controller-revision-hash', 'pod-template-generation']

export type Selected = 'yes' | 'no' | 'maybe'

/** Whether a selector selects what has these labels, and the DaemonSet controller's. */
export function selects({matchLabels, matchExpressions}: Selector, labels: Labels): Selected {
  const requirements = [
    ...Object.entries(matchLabels ?? {}).map(([key, value]): Expression => ({
      key,
      operator: 'In',
      values: [value],
    })),
    ...(matchExpressions ?? []),
  ]
  return worst(requirements.map((one) => (one === undefined ? 'maybe' : holds(one, labels))))
}

function holds({key, operator, values}: Expression, labels: Labels): Selected {
  if (CONTROLLERS.includes(key) && !Object.hasOwn(labels, key)) return 'maybe'
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined
  const isIn = value !== undefined && (values ?? []).includes(value)
  const isTrue = {In: isIn, NotIn: !isIn, Exists: value !== undefined, DoesNotExist: value === undefined}
  return isTrue[operator] ? 'yes' : 'no'
}

/** What holds of all at once. */
export function worst(all: readonly Selected[]): Selected {
  if (all.includes('no')) return 'no'
  return all.includes('maybe') ? 'maybe' : 'yes'
}
