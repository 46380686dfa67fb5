// What Maven calls: `node scripts/maven.mjs build|test [true: skip]`. Each step is skipped while the files that it reads are
// unchanged since it last succeeded; what it read is remembered as a hash in a stamp file.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const home = join(dirname(fileURLToPath(import.meta.url)), '..')
process.chdir(home)

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`the dashboard needs Node 20.19 or newer, and this is ${process.versions.node}`)
}

const sources = ['src', 'public', 'index.html', 'package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts']
const tests = [...sources, 'dev', 'scripts', 'browser', 'biome.json']

function hashOf(paths) {
  const hash = createHash('sha256')
  const visit = (path) => {
    if (!existsSync(path)) return
    const entries = readdirOrNull(path)
    if (entries === null) {
      hash.update(`${path}\0`).update(readFileSync(path)).update('\0')
      return
    }
    for (const name of entries.sort()) visit(join(path, name))
  }
  for (const path of paths) visit(path)
  return hash.digest('hex')
}

function readdirOrNull(path) {
  try {
    return readdirSync(path)
  } catch (error) {
    if (error.code === 'ENOTDIR') return null
    throw error
  }
}

function fail(message) {
  console.error(`dashboard: ${message}`)
  process.exit(1)
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' })
  if (error) fail(`could not run ${command}: ${error.message}`)
  if (status !== 0) fail(`${command} ${args.join(' ')} ended with status ${status}`)
}

/** Runs `work` unless `stamp` says that it already succeeded on the same `inputs`. */
function step(stamp, inputs, work) {
  const now = hashOf(inputs)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return
  rmSync(stamp, { force: true })
  work()
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, now)
}

// Not `npm ci`: it insists on the packages of all operating systems, which a mirror may not have. This takes the same
// locked versions with the same checksums, and --no-save leaves the lock as it is.
step('node_modules/.installed', ['package.json', 'package-lock.json', '.npmrc'], () =>
  run('npm', ['install', '--no-save', '--loglevel=error']),
)
switch (process.argv[2]) {
  case 'build':
    step('target/built', sources, () => run('npm', ['run', '--silent', 'build']))
    break
  case 'test':
    if (process.argv[3] === 'true') break // -DskipTests
    step('target/tested', tests, () => {
      run('npm', ['run', '--silent', 'test'])
      // Skipped, with the reason, where there is no Chromium.
      run('npm', ['run', '--silent', 'browser'])
    })
    break
  default:
    fail(`unknown step "${process.argv[2] ?? ''}"; it is "build" or "test"`)
}
