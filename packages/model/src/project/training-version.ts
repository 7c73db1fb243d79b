// The `version:` key of domain and training data files, judged as Rasa 3.6 does.

import type { Problems, YamlNode } from './yaml-node.ts'
import { entryAt } from './yaml-node.ts'

/** The training data format that Rasa 3.6 writes. */
export const LATEST_VERSION = '3.1'

/** Whether the file is read: a version above 3.1 is left out with a warning; a missing or lower one is read as 3.1. */
export function acceptsVersion(root: YamlNode, problems: Problems): boolean {
  const entry = entryAt(root, 'version')
  if (entry === undefined) return true
  const { value: node, keyPosition } = entry
  if (node.kind !== 'scalar' || typeof node.value !== 'string') {
    problems.error(
      'version.not-text',
      keyPosition,
      'The version is not in quotes.',
      `Write version: "${LATEST_VERSION}".`,
    )
    return false
  }
  const [major = NaN, minor = 0] = node.value.split('.').map(Number)
  if (Number.isNaN(major)) {
    problems.warn(
      'version.unreadable',
      node.position,
      `The version "${node.value}" is no version; the file is read as ${LATEST_VERSION}.`,
    )
    return true
  }
  if (major > 3 || (major === 3 && minor > 1)) {
    problems.warn(
      'version.too-new',
      node.position,
      `The version "${node.value}" is above ${LATEST_VERSION}; the file is left out.`,
      `Write version: "${LATEST_VERSION}".`,
    )
    return false
  }
  return true
}
