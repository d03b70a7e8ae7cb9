// The build makes a module of each .bnm file: its bytes in base64.
declare module '*.bnm' {
  const base64: string;
  export default base64;
}
