import { describe, expect, it } from 'vitest'
import { DecodeError } from '../errors.ts'
import { parseUserAgent, printUserAgentRequest } from './user-agent.ts'

describe('user agent', () => {
  it.each([
    // The first two are what the official client was seen to send.
    [
      { client: 'nodejs-6.7.1', application: undefined },
      'user-agent-set:value=MSxub2RlanMtNi43LjEsbm90LXNldA==',
    ],
    [{ client: 'nodejs-6.7.1', application: 'my-app' }, 'user-agent-set:value=MSxub2RlanMtNi43LjEsbXktYXBw'],
    [
      { client: 'aero-1.0.0', application: 'a,b' },
      `user-agent-set:value=${Buffer.from('1,aero-1.0.0,a,b').toString('base64')}`,
    ],
  ])('%j', (agent, request) => {
    expect(printUserAgentRequest(agent)).toBe(request)
    expect(parseUserAgent(request.slice(request.indexOf('=') + 1))).toEqual(agent)
  })

  it.each(['*', 'AAAA', Buffer.from('2,x,y').toString('base64'), Buffer.from('1,x').toString('base64')])(
    'refuses %j',
    (value) => {
      expect(() => parseUserAgent(value)).toThrow(DecodeError)
    },
  )
})
