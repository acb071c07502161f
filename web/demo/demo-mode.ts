// Whether this page is the demo, whose market runs in the page. tools/demo.mjs marks the document; the server never
// does.

export function isDemo(): boolean {
  return typeof document !== 'undefined' && document.documentElement.dataset.demo === 'on'
}
