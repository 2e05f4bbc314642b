import type {AccessReview} from '../options.ts'
import type {Answer} from './objects.ts'

interface ReviewObject {
  spec?: {
    resourceAttributes?: Partial<Omit<AccessReview, 'user' | 'groups'>>
    nonResourceAttributes?: object
  }
}

/** The answer to a SelfSubjectAccessReview. */
export function reviewAccess(
  body: string,
  who: {user: string; groups: string[]},
  allowed: (review: AccessReview) => boolean,
): Answer {
  const review = JSON.parse(body) as ReviewObject
  const nothing = {verb: '', group: '', resource: '', subresource: '', namespace: '', name: ''}
  const asked = {...nothing, ...review.spec?.resourceAttributes, ...who}
  const yes = review.spec?.nonResourceAttributes !== undefined || allowed(asked)
  return {code: 201, body: JSON.stringify({...review, status: {allowed: yes, ...(!yes && {reason: ''})}})}
}
