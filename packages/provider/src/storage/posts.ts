/** Posts in a person's list: as little as Quaily's `post.write` needs to guard. */

export interface KeptPost {
  readonly id: number
  readonly title: string
  readonly content: string
  readonly clientId: string | null
  readonly createdAt: number
}

export interface PostStorage {
  create(
    post: {
      readonly personId: number
      readonly title: string
      readonly content: string
      readonly clientId: string | null
    },
    now: number,
  ): Promise<KeptPost>
  /** Newest first, a hundred at the most. */
  list(personId: number): Promise<readonly KeptPost[]>
}
