import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Files under `folder` whose path from `root` matches, sorted. Node's own glob needs Node 22. */
export function globSync(root, folder, pattern) {
  const found = []
  const walk = (path) => {
    let entries = []
    try {
      entries = readdirSync(join(root, path), { withFileTypes: true })
    } catch (error) {
      if (error.code !== 'ENOENT') throw error
    }
    for (const entry of entries) {
      const below = path === '.' ? entry.name : `${path}/${entry.name}`
      if (entry.isDirectory()) {
        if (folder !== '.' && !/^(node_modules|dist|\.tsc|\.cache|\.turbo)$/.test(entry.name)) walk(below)
      } else if (pattern.test(below)) found.push(below)
    }
  }
  walk(folder)
  return found.sort()
}
