import { CONTROL, STATE } from './control.ts'

/**
 * The first lines of the worker thread, as text: what must work when nothing else does. The calling thread is blocked, and hears of
 * nothing that is not told through the port and the shared memory; so these lines tell when the worker's file cannot be loaded,
 * when an error is caught by nobody, and when the thread ends. A thread that is ended from outside, or by too little memory, runs none of
 * this: so it leaves the number by which Linux tells whether it is there. In CommonJS, as all code is that a thread is given as text.
 */
export const BOOTSTRAP: string = `
'use strict'
const { readlinkSync } = require('node:fs')
const { workerData } = require('node:worker_threads')
const control = new Int32Array(workerData.buffer)
try {
  Atomics.store(control, ${CONTROL.thread}, Number(readlinkSync('/proc/thread-self').split('/').at(-1)))
} catch {}
const end = () => {
  Atomics.store(control, ${CONTROL.state}, ${STATE.ended})
  Atomics.add(control, ${CONTROL.toCaller}, 1)
  Atomics.notify(control, ${CONTROL.toCaller})
}
const die = (thrown) => {
  const { name, message, stack } = thrown instanceof Error ? thrown : new Error(String(thrown))
  workerData.port.postMessage({ kind: 'died', error: { name, message, stack } })
  Atomics.add(control, ${CONTROL.said}, 1)
  end()
}
process.on('exit', end)
process.on('uncaughtExceptionMonitor', die)
import(workerData.file).catch(die)
`
