import { endpoints, openApi } from '../../src/api/index.ts';
import { version } from '../../src/api/schemas/version.ts';

export const openApiDocument = (): string => JSON.stringify(openApi(endpoints, version), undefined, 2);
