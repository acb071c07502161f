// Calls functions of the application.

/**
 * Runs a callback whose exceptions must neither stop the session nor be lost: they are rethrown in a microtask of their
 * own, where the host reports them as uncaught.
 */
export function runCallback(run: () => void): void {
  try {
    run()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
