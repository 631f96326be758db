import { defineConfig } from '@hey-api/openapi-ts'

export default defineConfig({
  input: '../openapi/openapi.json',
  logs: { file: false },
  output: {
    path: 'src/generated',
    // The generator's own code is not written for our compiler settings; its types still reach every caller.
    header: [
      '// Generated from openapi/openapi.json by `npm run generate`. Do not edit.',
      '// @ts-nocheck',
    ],
    module: { extension: '.ts' },
    entryFile: false,
  },
  plugins: [
    '@hey-api/client-fetch',
    { name: '@hey-api/typescript', enums: false },
    { name: '@hey-api/sdk', operations: { strategy: 'flat' } },
  ],
})
