console.log('sample: 0 steps passed, 0 failed')
