// Moves the focus from panel to panel, to the panel's heading: from there Tab enters the panel, and a screen reader
// says where it is. Called by the hotkeys.

/** @param by 1: the next panel in the order of the page; -1: the previous one. */
export function focusPanel(by: 1 | -1): void {
  const panels = [...document.querySelectorAll<HTMLElement>('main section[aria-labelledby]')].filter(panel =>
    panel.checkVisibility(),
  )
  const at = panels.findIndex(panel => panel.contains(document.activeElement))
  // From outside of the panels: the first one, or backwards the last.
  const to = at < 0 && by < 0 ? panels.length - 1 : (at + by + panels.length) % Math.max(1, panels.length)
  const heading = document.getElementById(panels[to]?.getAttribute('aria-labelledby') ?? '')
  if (heading === null) return
  heading.tabIndex = -1
  heading.focus()
}
