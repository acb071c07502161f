// The CSS of the report page, for light and dark screens and for print.

export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fffefb; --ink: #1c1b19; --soft: #6b6862; --rule: #d9d5cc; --hair: #a8a49b;
  --sample: #1a5fb4; --sample-tint: rgb(26 95 180 / .18); --target: rgb(70 140 90 / .20); --target-edge: rgb(50 120 70 / .55);
  --amzn: #3a3835; --aapl: #8a8378; --msft: #7a4a9e; --taq: #b0761a; --abides: #c2402f;
  --met: #2c7a48; --unmet: #b3261e;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #16171a; --ink: #e8e6e1; --soft: #a19d95; --rule: #34363b; --hair: #5d6068;
    --sample: #78b0f5; --sample-tint: rgb(120 176 245 / .22); --target: rgb(110 190 130 / .26); --target-edge: rgb(120 200 140 / .6);
    --amzn: #d8d4cb; --aapl: #8f8b84; --msft: #c19ae0; --taq: #d9a550; --abides: #f08070;
    --met: #7fc998; --unmet: #ff9388;
  }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 Charter, 'Bitstream Charter', 'Source Serif 4', Cambria, Georgia, serif }
main { max-width: 1196px; margin: 0 auto; padding: 40px 24px 64px }
h1 { font-size: 30px; line-height: 1.2; font-weight: 600; margin: 0 0 8px; letter-spacing: -.01em }
h2 { font-size: 21px; font-weight: 600; margin: 48px 0 4px; padding-top: 16px; border-top: 1px solid var(--ink) }
h3 { font-size: 15px; font-weight: 600; margin: 0 0 4px }
p { margin: 0 0 8px; max-width: 76ch }
.lead, .origin, .notes { color: var(--soft) }
.numbers, .tick, .name, .label, .facts, .key { font-family: 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif }
.table { overflow-x: auto; margin: 16px 0 32px }
table { border-collapse: collapse; width: 100%; font-size: 13px; font-variant-numeric: tabular-nums; border-bottom: 1px solid var(--ink) }
th { font-weight: 600; text-align: right; white-space: nowrap; border-top: 1px solid var(--ink); border-bottom: 1px solid var(--hair); padding: 5px 8px }
td { text-align: right; white-space: nowrap; padding: 2.5px 8px }
tr.ruled td { border-top: 1px solid var(--rule) }
th:first-child, td:first-child { text-align: left; padding-left: 0 }
td.value { font-weight: 600 } td.interval, td.reference { color: var(--soft) }
.met { color: var(--met) } .unmet, .simulated .absent { color: var(--unmet); font-weight: 600 }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(340px, 1fr)); gap: 34px 28px; margin-top: 24px }
figure { margin: 0; break-inside: avoid }
svg { display: block; width: 100%; height: auto; overflow: visible }
figcaption { font-size: 12.5px; line-height: 1.42; color: var(--soft); margin-top: 4px }
.facts { font-size: 11.5px; line-height: 1.5; margin: 4px 0 0; padding: 0; list-style: none; color: var(--ink) }
.facts .limits { color: var(--soft) }
.axis { fill: none; stroke: var(--ink); stroke-width: .75 } .zero { stroke: var(--hair); stroke-width: .5 }
text { fill: var(--ink) } .tick { font-size: 9.5px; fill: var(--soft) } .name { font-size: 10.5px } .label { font-size: 10px; paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round }
.middle { text-anchor: middle } .end { text-anchor: end }
.target { fill: var(--target); stroke: var(--target-edge); stroke-width: .6; stroke-dasharray: 2 2 }
.band { fill: var(--sample-tint); stroke: none }
.line { fill: none; stroke-width: 1.1; stroke-linejoin: round } .line.sample { stroke: var(--sample); stroke-width: 2 }
.line.AMZN { stroke: var(--amzn) } .line.AAPL { stroke: var(--aapl); stroke-dasharray: 5 2 } .line.TAQ { stroke: var(--taq) }
.line.reference { stroke: var(--hair); stroke-dasharray: 3 3 }
.bar { fill: var(--sample-tint); stroke: var(--sample); stroke-width: 1 } .whisker { stroke: var(--sample); stroke-width: 1.2 }
.point { stroke: var(--paper); stroke-width: .6 }
.range { fill: none; stroke-width: 1.4; stroke: var(--abides) }
.point.sample { fill: var(--sample) } .point.AMZN { fill: var(--amzn) } .point.AAPL { fill: var(--aapl) } .point.MSFT { fill: var(--msft) } .point.TAQ { fill: var(--taq) }
.label.sample { fill: var(--sample); font-weight: 600 } .label.AMZN { fill: var(--amzn) } .label.AAPL { fill: var(--aapl) } .label.MSFT { fill: var(--msft) }
.label.TAQ { fill: var(--taq) } .label.ABIDES { fill: var(--abides) } .label.reference { fill: var(--soft) }
@media print {
  :root { --paper: #fff }
  @page { margin: 14mm }
  body { font-size: 10pt } main { padding: 0; max-width: none } section + section { break-before: page }
  .grid { grid-template-columns: repeat(3, 1fr); gap: 14px } table { font-size: 7.5pt } td, th { padding: 1px 4px } .table { overflow: visible }
}
`
