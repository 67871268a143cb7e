// Faults that somebody could make in our own code, as small edits, and the tests that must go red for each.

export interface Edit {
  readonly file: string
  /** Stands exactly once in the file. */
  readonly find: string
  readonly replace: string
}

export interface Tooth {
  /** What is wrong then. */
  readonly fault: string
  readonly edits: readonly Edit[]
  /** The test file that must notice. */
  readonly test: string
  /** Only the tests whose names match (a regular expression); all of the file unless named. */
  readonly only?: string
}

export const teeth: readonly Tooth[] = [
  {
    fault: 'no fence when an attempt that failed is settled',
    edits: [{ file: 'src/store/settling.ts', find: `      .where('fence', '=', ending.fence)\n`, replace: '' }],
    test: 'test/service/claims.test.ts',
  },
  {
    fault: 'no fence when a delivery is written down',
    edits: [{ file: 'src/store/claims.ts', find: 'd.id = o.id and d.fence = o.fence and', replace: 'd.id = o.id and' }],
    test: 'test/service/claims.test.ts',
  },
  {
    fault: 'what is being sent is not written down before it leaves',
    edits: [
      { file: 'src/store/claims.ts', find: `set state = 'sending', fence = d.fence + 1`, replace: 'set fence = d.fence + 1' },
      { file: 'src/store/claims.ts', find: `d.fence = o.fence and d.state = 'sending'`, replace: 'd.fence = o.fence' },
    ],
    test: 'test/service/claims.test.ts',
  },
  {
    fault: 'the lease is reckoned by the clock of the process',
    edits: [
      {
        file: 'src/store/claims.ts',
        find: 'lease_until = now() + make_interval(secs => w.seconds)',
        replace: `lease_until = \${new Date().toISOString()}::timestamptz + make_interval(secs => w.seconds)`,
      },
    ],
    test: 'test/service/claims.test.ts',
  },
  {
    fault: 'a retraction may overtake what it takes back',
    edits: [{ file: 'src/store/order.ts', find: 'e.sequence < d.sequence', replace: 'e.sequence < 0' }],
    test: 'test/service/claims.test.ts',
  },
  {
    fault: 'what has expired is sent all the same',
    edits: [
      { file: 'src/store/claims.ts', find: 'd.expires_at > now() or d.unclear_since is not null', replace: 'true' },
      { file: 'workers/deliver.ts', find: 'if (!claim.unclear && isOver(one)) return outcome.end(tooLate)', replace: '' },
    ],
    test: 'test/service/claims.test.ts',
  },
  {
    fault: 'nobody waits for a post that may still appear',
    edits: [
      {
        file: 'src/delivery/next-step.ts',
        find: `return { to: 'looking', afterMs, reason }`,
        replace: `return { to: 'looking', afterMs: 0, reason }`,
      },
    ],
    test: 'test/unit/next-step.test.ts',
  },
  {
    fault: 'a connection that was reset counts as one that never stood',
    edits: [
      {
        file: 'src/connector/network-failure.ts',
        find: `  'UND_ERR_CONNECT_TIMEOUT',\n`,
        replace: `  'UND_ERR_CONNECT_TIMEOUT',\n  'ECONNRESET',\n  'UND_ERR_SOCKET',\n`,
      },
    ],
    test: 'test/unit/connector/http.test.ts',
  },
  {
    fault: 'the key is made anew for every attempt',
    edits: [{ file: 'workers/deliver.ts', find: '    key: claim.id,', replace: '    key: crypto.randomUUID(),' }],
    test: 'test/service/engine-unclear.test.ts',
    only: 'where the platform repeats by',
  },
  {
    fault: 'what was taken back before it left is sent all the same',
    edits: [{ file: 'src/store/order.ts', find: `(d.action <> 'retract' and (`, replace: '(false and (' }],
    test: 'test/service/engine-unclear.test.ts',
    only: 'once the announcement was taken back',
  },
  {
    fault: 'a look that failed counts as “it is not there”',
    edits: [
      {
        file: 'workers/deliver.ts',
        find: `    await outcome.fail(error, 'look')\n    return 'over'\n`,
        replace: `    void error\n`,
      },
    ],
    test: 'test/service/engine-unclear.test.ts',
    only: 'when the look itself fails',
  },
  {
    fault: 'a channel’s pace holds a warning back',
    edits: [{ file: 'workers/room.ts', find: `claim.way === 'urgent' ? null`, replace: `claim.action === 'retract' ? null` }],
    test: 'test/service/engine-pace.test.ts',
  },
  {
    fault: 'the Idempotency-Key of a client is ignored',
    edits: [{ file: 'src/http/once.ts', find: 'if (!wish) return deed.act', replace: 'if (!wish || wish) return deed.act' }],
    test: 'test/service/api-idempotency.test.ts',
  },
  {
    fault: 'words are cut before they are cleaned, and a piece of a secret counts for nothing',
    edits: [
      { file: 'connectors/facebook/failures.ts', find: 'said?.message, 180)', replace: '(said?.message ?? answer.text).slice(0, 180))' },
      {
        file: 'src/connector/redact.ts',
        find: 'at + pieceLength <= form.length; at += 1) pieces.add',
        replace: 'false; at += 1) pieces.add',
      },
      { file: 'src/connector/redact.ts', find: ' && form.length < pieceLength)', replace: ')' },
    ],
    test: 'test/connectors/facebook.test.ts',
  },
  {
    fault: 'what somebody changed in PostgreSQL after its release is sent unchecked',
    edits: [{ file: 'workers/deliver.ts', find: 'if (!claim.genuine) {', replace: 'if (claim.genuine === undefined) {' }],
    test: 'test/service/engine-changed.test.ts',
    only: 'a post that is changed is held in front of a person',
  },
  {
    fault: 'a look begins by our clock, not by the platform’s',
    edits: [
      {
        file: 'src/connector/own-posts.ts',
        find: 'const since = there - Math.max(age, 0) - slackMs',
        replace: 'const since = Date.parse(attempt.firstAt) - 60_000',
      },
    ],
    test: 'test/unit/connector/own-posts.test.ts',
    only: 'whatever both clocks say',
  },
  {
    fault: 'an exercise may follow, change and end what is real',
    edits: [
      {
        file: 'src/announcement/reference.ts',
        find: 'if (following.status !== earlier.status)',
        replace: 'if (following.status === undefined)',
      },
    ],
    test: 'test/service/status-for-life.test.ts',
    only: 'P23 an all-clear',
  },
  {
    fault: 'an amendment goes out although its approval is missing',
    edits: [{ file: 'src/commands/amend.ts', find: `when !== 'later' && !asksApproval(plan) &&`, replace: `when !== 'later' &&` }],
    test: 'test/service/approved-words.test.ts',
    only: 'the approver alone cannot amend',
  },
]
