import { describe, expect, it } from 'vitest'
import { openerOf } from '../src/open-browser.ts'
import { help, parse, parsePort } from '../src/options.ts'
import { serveEnvironment, serveOptions } from '../src/serve/options.ts'

const options = {
  port: { type: 'string', value: 'PORT', help: 'where to listen' },
  memory: { type: 'boolean', help: 'keep nothing' },
} as const

describe('the options of a command', () => {
  it('are read as they are given', () => {
    expect(parse('dev', options, ['--port', '4200', '--memory'])).toEqual({ port: '4200', memory: true })
    expect(parse('dev', options, [])).toEqual({})
  })

  it.each([
    [['--prot', '1'], 'There is no option --prot. civitai-oauth dev takes: --port PORT, --memory.'],
    [['--port'], 'The option --port is not given as it should be. civitai-oauth dev takes: --port PORT, --memory.'],
    [['--memory=yes'], 'The option --memory is not given as it should be.'],
    [['4200'], 'Only options may follow the command.'],
  ])('are refused in one sentence that says what to do: %j', (args, sentence) => {
    expect(() => parse('dev', options, args)).toThrow(sentence)
  })

  it('are listed in the help text', () => {
    expect(help(options)).toBe('  --port PORT         where to listen\n  --memory            keep nothing')
  })

  it.each(['', 'http', '-1', '65536', '4100x', '4.1'])('take no port like "%s"', (text) => {
    expect(() => parsePort(text)).toThrow('--port takes a number from 0 to 65535')
  })

  it('take port 0 for any free one', () => {
    expect(parsePort('0')).toBe(0)
  })
})

describe('opening an address in a browser', () => {
  it('hands the address to a program as one argument, never to a shell', () => {
    expect(openerOf('http://localhost:4100/?a=1&b=$(id)', 'linux')).toEqual([
      'xdg-open',
      'http://localhost:4100/?a=1&b=$(id)',
    ])
    expect(openerOf('https://example.com', 'darwin')).toEqual(['open', 'https://example.com/'])
  })

  it.each(['file:///etc/passwd', 'javascript:alert(1)', 'calc.exe', '-a Calculator', ''])('refuses %s', (address) => {
    expect(openerOf(address, 'linux')).toBeUndefined()
  })
})

describe('the help of a command', () => {
  it('keeps every option apart from what it says, and names the variables that count', () => {
    const text = help(serveOptions, serveEnvironment)
    for (const line of text.split('\n').filter((one) => one.startsWith('  --')))
      expect(line).toMatch(/^ {2}--\S+( [A-Z_]+)? {2,}\S/)
    expect(text).toMatch(/^ {2}METRICS_BEARER {2,}shows/m)
    expect(help({})).toBe('')
  })
})
