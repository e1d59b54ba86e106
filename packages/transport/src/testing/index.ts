export { type MemoryListener, MemoryNetwork, MemorySocket } from './memory-network.ts'
