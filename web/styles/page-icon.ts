// The icon of the page's tab, inside the document: a file of its own would be one more request, and the router of Next
// requests it twice.

const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#101319"/>' +
  '<path fill="#9d97ff" d="M9 8h2v18H9zM7 12h6v10H7zM21 5h2v19h-2zM19 8h6v11h-6z"/></svg>'

/** A `data:` address; the content policy allows it for images. */
export const PAGE_ICON = `data:image/svg+xml,${encodeURIComponent(SVG)}`
