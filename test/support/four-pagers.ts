// One platform in process for each way of repeating, each with other abilities.
import { aPager } from './pager.ts'

/** Changes by key; answers by id; looks; and one that can nothing but publish. */
export const fourPagers = () =>
  [
    aPager({ platform: 'aendert', repeat: 'key', can: ['find', 'update', 'retract', 'reply'] }),
    aPager({ platform: 'antwortet', repeat: 'id', can: ['find', 'retract', 'reply'] }),
    aPager({ platform: 'sucht', repeat: 'find', can: ['find', 'retract'] }),
    aPager({ platform: 'vergisst', repeat: 'nothing', can: [] }),
  ] as const
