// Types of heic-decode, which brings none: as far as they are used here.
declare module 'heic-decode' {
  interface HeicImage {
    readonly width: number
    readonly height: number
    decode(): Promise<{ readonly width: number; readonly height: number; readonly data: Uint8ClampedArray<ArrayBuffer> }>
  }
  const decode: { all(file: { readonly buffer: Uint8Array }): Promise<readonly HeicImage[]> }
  export default decode
}
