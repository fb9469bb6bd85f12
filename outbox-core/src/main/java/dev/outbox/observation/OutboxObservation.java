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

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The observations of the outbox. Names that begin with {@code messaging} are those of
 * OpenTelemetry.
 */
public enum OutboxObservation implements ObservationDocumentation {

	/**
	 * An event is published. Over at once: it is what later sends of the event are
	 * children of.
	 */
	STORE {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultStoreObservationConvention.class;
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return new KeyName[] { HighCardinality.SYSTEM, HighCardinality.OPERATION, HighCardinality.DESTINATION };
		}

	},

	/**
	 * The relay sends an event, until the broker has answered. Each attempt is one.
	 */
	SEND {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultSendObservationConvention.class;
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return HighCardinality.values();
		}

	};

	@Override
	public KeyName[] getLowCardinalityKeyNames() {
		return LowCardinality.values();
	}

	/**
	 * Key values of spans and meters.
	 */
	public enum LowCardinality implements KeyName {

		/**
		 * Logical type of the event.
		 */
		EVENT_TYPE("outbox.event.type"),

		/**
		 * Name of the transport.
		 */
		TRANSPORT("outbox.transport");

		private final String key;

		LowCardinality(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

	/**
	 * Key values of spans only.
	 */
	public enum HighCardinality implements KeyName {

		/**
		 * The broker, as the transport is called.
		 */
		SYSTEM("messaging.system"),

		/**
		 * What is done: {@code create} or {@code send}.
		 */
		OPERATION("messaging.operation.type"),

		/**
		 * Name of the topic, exchange or queue.
		 */
		DESTINATION("messaging.destination.name"),

		/**
		 * Id of the event.
		 */
		MESSAGE_ID("messaging.message.id"),

		/**
		 * Milliseconds from the event to this attempt.
		 */
		WAITED("outbox.waited");

		private final String key;

		HighCardinality(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

}
