// Prints every trade. Cut the line or restart the server: it goes on where it stopped, without a gap or a repeat.
const base = process.argv[2] ?? 'http://localhost:8080'
for (let last = ''; ; await new Promise(resolve => setTimeout(resolve, 1000))) {
  try {
    const response = await fetch(`${base}/v1/stream?events=trade&mode=raw&last=${last}`)
    let rest = ''
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      const frames = (rest + text).split('\n\n')
      rest = frames.pop()
      for (const frame of frames) {
        last = /^id: (.*)$/m.exec(frame)?.[1] ?? last
        if (frame.includes('event: trade')) console.log(/^data: (.*)$/m.exec(frame)[1])
      }
    }
  } catch {}
}
