/** The Effect side of core: the interpreter that carries a machine's commands out. */
export * from './interpreter.ts'
