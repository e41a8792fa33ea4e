/** All native routes. One file or folder per provider. */
import type { Route } from '../route';
import type { Service } from '../service';
import { createKlingRoutes } from './kling/klingRoutes';
import { createMidjourneyRoutes } from './midjourneyRoutes';
import { createMiniMaxRoutes } from './miniMaxRoutes';
import { createRunwayCompatRoutes } from './runwayCompatRoutes';
import { createRunwayRoutes } from './runwayRoutes';
import { createVeoLegacyRoutes } from './veoLegacyRoutes';
import { createVolcRoutes } from './volcRoutes';
import { createXaiRoutes } from './xaiRoutes';

export function createNativeRoutes(service: Service): Route[] {
	return [
		...createKlingRoutes(service),
		...createRunwayRoutes(service),
		...createRunwayCompatRoutes(service),
		...createXaiRoutes(service),
		...createVeoLegacyRoutes(service),
		...createVolcRoutes(service),
		...createMiniMaxRoutes(service),
		...createMidjourneyRoutes(service),
	];
}
