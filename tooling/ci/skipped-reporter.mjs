// Says what was skipped and why (the text given to `context.skip`), so that silence never passes for success.
export default class SkippedReporter {
  onTestRunEnd(modules) {
    const byReason = new Map()
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        const reason = test.result()?.note ?? 'no reason given'
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
