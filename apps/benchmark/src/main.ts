// pnpm bench compare … | many-records …
const [command] = process.argv.slice(2)
if (command === 'many-records') await import('./many-records.ts')
else await import('./compare-command.ts')
