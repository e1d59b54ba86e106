// Changesets are prose with a small head; a typo in a package name would only show on release day.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './setup.mjs'

/** Makes the release plan, which refuses unknown packages, and checks what our rules say about it. */
export async function checkChangesets() {
  // Imported late: this folder is read before anything is installed.
  const { default: module } = await import('@changesets/get-release-plan')
  const getReleasePlan = module.default ?? module
  const { changesets, releases: all } = await getReleasePlan(root)
  const releases = all.filter((release) => release.type !== 'none')
  for (const { id, releases, summary } of changesets) {
    if (releases.length > 0 && summary.trim() === '') throw new Error(`.changeset/${id}.md says nothing`)
  }
  const versions = new Set(releases.map((release) => release.newVersion))
  if (versions.size > 1) throw new Error(`the packages would part ways: versions ${[...versions].join(', ')}`)
  const planned = new Set(releases.map((release) => release.name))
  for (const name of publishedPackages()) {
    if (releases.length > 0 && !planned.has(name)) throw new Error(`${name} is missing from the next release`)
  }
  const next = [...versions][0]
  return next ? `${changesets.length} waiting for ${next}` : 'none waiting'
}

function publishedPackages() {
  const manifests = readdirSync(join(root, 'packages')).map((name) =>
    JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')),
  )
  return manifests.filter((manifest) => !manifest.private).map((manifest) => manifest.name)
}
