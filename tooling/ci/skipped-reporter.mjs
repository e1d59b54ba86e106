// Says what was skipped and why, so that silence never passes for success: the text given to `context.skip`, what a name says
// that it needs, as in `describe.skipIf(SEEDS === undefined)('… (needs AERO_LIVE_SEEDS)', …`, or the project that leaves the name out.
const NEED = /\((needs [^)]*)\)/

function reasonOf(test) {
  const told = test.result()?.note ?? NEED.exec(test.fullName)?.[1]
  if (told !== undefined) return told
  const { name, config } = test.project
  const isLeftOut = config.testNamePattern !== undefined && !config.testNamePattern.test(test.fullName)
  return isLeftOut ? `left out of ${name}, whose vitest config says why` : 'no reason given'
}

export default class SkippedReporter {
  onTestRunEnd(modules) {
    const byReason = new Map()
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        const reason = reasonOf(test)
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
