// The error of a configuration that is invalid: one line that names the path and what it takes.

export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
}
