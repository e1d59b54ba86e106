// Says what was skipped and why, so that silence never passes for success: the text given to `context.skip`, or what a name says
// that it needs, as in `describe.skipIf(SEEDS === undefined)('… (needs AERO_LIVE_SEEDS)', …`.
const NEED = /\((needs [^)]*)\)/
export default class SkippedReporter {
  onTestRunEnd(modules) {
    const byReason = new Map()
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        const reason = test.result()?.note ?? NEED.exec(test.fullName)?.[1] ?? 'no reason given'
        byReason.set(reason, [...(byReason.get(reason) ?? []), test.fullName])
      }
    }
    for (const [reason, names] of byReason) {
      console.log(`skipped ${names.length}: ${reason}`)
      for (const name of names.slice(0, 20)) console.log(`  - ${name}`)
      if (names.length > 20) console.log(`  … and ${names.length - 20} more`)
    }
  }
}
