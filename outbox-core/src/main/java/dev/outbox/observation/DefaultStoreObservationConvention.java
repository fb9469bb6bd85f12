/*
 * Copyright 2026 the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.outbox.observation;

import dev.outbox.observation.OutboxObservation.HighCardinality;
import dev.outbox.observation.OutboxObservation.LowCardinality;
import io.micrometer.common.KeyValues;

/**
 * What the observation of a publication is called unless the application says otherwise.
 */
public class DefaultStoreObservationConvention implements StoreObservationConvention {

	/**
	 * Creates a convention.
	 */
	public DefaultStoreObservationConvention() {
	}

	@Override
	public String getName() {
		return "outbox.store";
	}

	@Override
	public String getContextualName(StoreObservationContext context) {
		return "store " + context.eventType();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(StoreObservationContext context) {
		return KeyValues.of(LowCardinality.EVENT_TYPE.withValue(context.eventType()),
				LowCardinality.TRANSPORT.withValue(context.destination().transport()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(StoreObservationContext context) {
		return KeyValues.of(HighCardinality.SYSTEM.withValue(context.destination().transport()),
				HighCardinality.OPERATION.withValue("create"),
				HighCardinality.DESTINATION.withValue(context.destination().name()));
	}

}
