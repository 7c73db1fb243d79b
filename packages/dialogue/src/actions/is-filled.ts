// What counts as empty in a reply of an action server or in a message: what Python takes for false.

/** False for null, '', 0, false, an empty list and an empty object. */
export function isFilled<Value>(value: Value): value is NonNullable<Value> {
  if (value === null || value === undefined || value === '' || value === 0 || value === false) return false
  if (Array.isArray(value)) return value.length > 0
  return typeof value !== 'object' || Object.keys(value).length > 0
}
