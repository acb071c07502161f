// Turns TypeBox schemas into JSON Schema 2020-12, as OpenAPI 3.1 and AsyncAPI 3.0 need it. Pure.

export type JsonSchema = Record<string, unknown>

/** Keywords whose values are data, not schemas. */
const DATA_KEYWORDS = new Set(['const', 'default', 'enum', 'example', 'examples', 'required'])
/** Keywords whose values map names to schemas: a name is not a keyword. */
const MAP_KEYWORDS = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'responses'])

/**
 * A copy in JSON Schema 2020-12: `Type.Tuple` writes `items: […]`, which 2020-12 refuses; it becomes `prefixItems`.
 * Enums of strings get their type, which code generators ask for.
 * @param shared where schemas with an `$id` are collected by that name; each is replaced by a reference to
 * `#/components/schemas/<name>`. Without it they are copied in place, without `$id`.
 */
export function toJsonSchema202012(schema: object, shared?: Record<string, JsonSchema>): JsonSchema {
  const { $id, ...keywords } = schema as JsonSchema
  if (typeof $id !== 'string' || shared === undefined) return copyKeywords(keywords, shared)
  if (!Object.hasOwn(shared, $id)) {
    // Before its parts are copied: a schema may contain itself.
    shared[$id] = {}
    shared[$id] = copyKeywords(keywords, shared)
  }
  return { $ref: `#/components/schemas/${$id}` }
}

function copyKeywords(schema: JsonSchema, shared: Record<string, JsonSchema> | undefined): JsonSchema {
  const isTuple = Array.isArray(schema.items)
  const copy: JsonSchema = {}
  for (const [keyword, value] of Object.entries(schema)) {
    if (DATA_KEYWORDS.has(keyword)) copy[keyword] = value
    else if (MAP_KEYWORDS.has(keyword)) {
      const entries = Object.entries(value as Record<string, object>)
      copy[keyword] = Object.fromEntries(entries.map(([name, part]) => [name, toJsonSchema202012(part, shared)]))
    } else if (!isTuple) copy[keyword] = copyValue(value, shared)
    else if (keyword === 'items') copy.prefixItems = copyValue(value, shared)
    else if (keyword !== 'additionalItems') copy[keyword] = copyValue(value, shared)
  }
  if (isTuple) return { ...copy, items: false }
  return isEnumOfStrings(schema) ? { type: 'string', ...copy } : copy
}

function isEnumOfStrings(schema: JsonSchema): boolean {
  return Array.isArray(schema.enum) && schema.enum.every(value => typeof value === 'string')
}

function copyValue(value: unknown, shared: Record<string, JsonSchema> | undefined): unknown {
  if (Array.isArray(value)) return value.map(part => copyValue(part, shared))
  return typeof value === 'object' && value !== null ? toJsonSchema202012(value, shared) : value
}
