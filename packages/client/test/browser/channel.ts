/** `BroadcastChannel` of one browser, in memory. */

/** A channel as browsers have it, without a clock: what is said is heard before anything else happens. */
export class Channel extends EventTarget {
  /** In the back/forward cache: hears nothing, and is told nothing afterwards. */
  asleep = false
  readonly name: string
  readonly #all: Set<Channel>
  constructor(name: string, all: Set<Channel>) {
    super()
    this.name = name
    this.#all = all
    all.add(this)
  }
  postMessage(data: unknown): void {
    for (const other of this.#all)
      if (other !== this && other.name === this.name) {
        const copy: unknown = structuredClone(data)
        queueMicrotask(() => {
          if (!other.asleep && this.#all.has(other)) other.dispatchEvent(new MessageEvent('message', { data: copy }))
        })
      }
  }
  close(): void {
    this.#all.delete(this)
  }
}

/** The constructor that pages of one browser see. */
export const channelsIn = (all: Set<Channel>): new (name: string) => Channel =>
  class extends Channel {
    constructor(name: string) {
      super(name, all)
    }
  }
