// A canvas for tests of charts in Node: draws nothing, and records each fill and stroke with its style and its shapes.

export interface RecordedPaint {
  readonly kind: 'fill' | 'fillRect' | 'stroke' | 'text'
  readonly style: string
  readonly alpha: number
  /** Rectangles as `[x, y, width, height]`, and corners of lines as `[x, y]`. */
  readonly shapes: readonly (readonly number[])[]
  readonly text: string
}

/** Stands in for the browser's Path2D. */
class RecordingPath {
  readonly shapes: number[][] = []
  constructor(from?: RecordingPath) {
    if (from !== undefined) this.shapes.push(...from.shapes)
  }
  rect(...box: number[]): void {
    this.shapes.push(box)
  }
  moveTo(...corner: number[]): void {
    this.shapes.push(corner)
  }
  lineTo(...corner: number[]): void {
    this.shapes.push(corner)
  }
  closePath(): void {}
}

export function recordingCanvas(width: number, height: number) {
  let paints: RecordedPaint[] = []
  let path = new RecordingPath()
  const style = { fillStyle: '', strokeStyle: '', globalAlpha: 1 }
  const saved: (typeof style)[] = []
  const record = (kind: RecordedPaint['kind'], color: string, shapes: number[][], text = '') =>
    paints.push({ kind, style: color, alpha: style.globalAlpha, shapes, text })
  const methods: Record<string, unknown> = {
    save: () => saved.push({ ...style }),
    restore: () => Object.assign(style, saved.pop()),
    beginPath: () => {
      path = new RecordingPath()
    },
    rect: (...box: number[]) => path.rect(...box),
    roundRect: (...box: number[]) => path.rect(...box.slice(0, 4)),
    moveTo: (...corner: number[]) => path.moveTo(...corner),
    lineTo: (...corner: number[]) => path.lineTo(...corner),
    fill: (shape = path) => record('fill', style.fillStyle, shape.shapes),
    fillRect: (...box: number[]) => record('fillRect', style.fillStyle, [box]),
    stroke: (shape = path) => record('stroke', style.strokeStyle, shape.shapes),
    fillText: (text: string, x: number, y: number) => record('text', style.fillStyle, [[x, y]], text),
    measureText: (text: string) => ({ width: text.length * 6 }),
  }
  const context = new Proxy(style, {
    get: (target, name) =>
      Reflect.get(name in target ? target : methods, name) ?? (name === 'canvas' ? canvas : () => {}),
    set: (target, name, value) => Reflect.set(target, name, value),
  })
  const canvas = {
    width,
    height,
    clientWidth: width,
    clientHeight: height,
    parentElement: { clientWidth: width, clientHeight: height },
    style: {},
    getContext: () => context,
  }
  Object.assign(globalThis, { Path2D: RecordingPath })
  return {
    canvas: canvas as unknown as HTMLCanvasElement,
    /** What has been painted since the last call. */
    takePaints(): readonly RecordedPaint[] {
      const taken = paints
      paints = []
      return taken
    },
  }
}
