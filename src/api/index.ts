export { createApi, type Api, type ApiOptions } from './server.ts';
export { type ApiLimits } from './limits.ts';
export { endpoints } from './endpoints/index.ts';
export { failuresOf, openApi } from './openapi.ts';
export { followCertificate, type Certificate } from './certificate.ts';
