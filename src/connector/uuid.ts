// The form of ids: UUIDs as the store writes them, in small letters.

/** 36 characters; PostgreSQL takes no other text for an id. */
export const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export const isUuid = (text: string): boolean => uuidForm.test(text)
