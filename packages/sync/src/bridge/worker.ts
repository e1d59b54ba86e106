/**
 * Door `./worker`: where the thread that runs the plans will begin. Until it can, a thread that is started here fails at
 * once and says why; importing it anywhere else does nothing.
 */
import { parentPort } from 'node:worker_threads'
import { SyncNotYetError } from './errors.ts'

if (parentPort !== null) throw new SyncNotYetError('Running a worker')
