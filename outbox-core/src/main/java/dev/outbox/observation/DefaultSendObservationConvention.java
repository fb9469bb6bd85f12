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

import dev.outbox.OutboxRecord;
import dev.outbox.observation.OutboxObservation.HighCardinality;
import dev.outbox.observation.OutboxObservation.LowCardinality;
import io.micrometer.common.KeyValues;

/**
 * What the observation of a send by the relay is called unless the application says
 * otherwise.
 */
public class DefaultSendObservationConvention implements SendObservationConvention {

	/**
	 * Creates a convention.
	 */
	public DefaultSendObservationConvention() {
	}

	@Override
	public String getName() {
		return "outbox.send";
	}

	@Override
	public String getContextualName(SendObservationContext context) {
		return "send " + context.event().eventType();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(SendObservationContext context) {
		return KeyValues.of(LowCardinality.EVENT_TYPE.withValue(context.event().eventType()),
				LowCardinality.TRANSPORT.withValue(context.event().destination().transport()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(SendObservationContext context) {
		OutboxRecord event = context.event();
		return KeyValues.of(HighCardinality.SYSTEM.withValue(event.destination().transport()),
				HighCardinality.OPERATION.withValue("send"),
				HighCardinality.DESTINATION.withValue(event.destination().name()),
				HighCardinality.MESSAGE_ID.withValue(event.id().toString()),
				HighCardinality.WAITED.withValue(String.valueOf(context.waited().toMillis())));
	}

}
