// Lets its process meet an error that nobody has thought of, at SIGWINCH: `node --import …/unhandled.ts`.
process.on('SIGWINCH', () => void Promise.reject(new Error('Damit hat niemand gerechnet')))
