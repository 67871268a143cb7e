// How a column is read and written, where the two are not the same.
import type { ColumnType, JSONColumnType } from 'kysely'

/** timestamptz: read as a Date, written as a Date or an ISO string. */
export type Time = ColumnType<Date, Date | string, Date | string>
export type MaybeTime = ColumnType<Date | null, Date | string | null, Date | string | null>
export type Json<T extends object> = JSONColumnType<T, T | string, T | string>
export type MaybeJson<T extends object> = ColumnType<T | null, T | string | null, T | string | null>
