/** What is wrong with JSON, in sentences: zod/mini carries none of its own. */
import type * as z from 'zod/mini'

const sentenceOf = (issue: z.core.$ZodIssue): string => {
  const at = issue.path.join('.') || 'The body'
  switch (issue.code) {
    case 'unrecognized_keys':
      return `There is no field named ${[...issue.path, issue.keys.join(', ')].join('.')}.`
    case 'invalid_type':
      return `${at} must be ${issue.expected}.`
    case 'invalid_value':
      return `${at} must be one of ${issue.values.join(', ')}.`
    case 'too_small':
      return `${at} must be at least ${issue.minimum}.`
    case 'too_big':
      return `${at} must be at most ${issue.maximum}.`
    default:
      return `${at} is not as it should be.`
  }
}

export const sentencesOf = (error: z.core.$ZodError): string => error.issues.map(sentenceOf).join(' ')
