import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { CertificateAuthority } from './certificates.ts'

describe('CertificateAuthority', () => {
  it('issues certificates that Node takes for its own', async () => {
    const authority = await CertificateAuthority.create('authority')
    const pair = await authority.issue({
      name: 'db1',
      dns: ['db1.example'],
      addresses: ['127.0.0.1', '::1'],
      serial: '0abc',
    })
    const certificate = new X509Certificate(pair.cert)
    const issuer = new X509Certificate(authority.cert)
    expect(certificate.subject).toBe('CN=db1')
    expect(certificate.checkHost('db1.example')).toBe('db1.example')
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(certificate.checkIP('::1')).toBe('::1')
    expect(certificate.serialNumber).toBe('0ABC')
    expect(certificate.verify(issuer.publicKey)).toBe(true)
    expect(certificate.ca).toBe(false)
    expect(issuer.ca).toBe(true)
    expect(new Date(certificate.validTo).getTime()).toBeGreaterThan(Date.now())
  })

  it('issues expired ones', async () => {
    const authority = await CertificateAuthority.create('authority')
    const { cert } = await authority.issue({ name: 'old', validFromDays: -10, validToDays: -1 })
    expect(new Date(new X509Certificate(cert).validTo).getTime()).toBeLessThan(Date.now())
  })
})
