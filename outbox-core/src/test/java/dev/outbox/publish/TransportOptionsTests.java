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

package dev.outbox.publish;

import java.util.List;
import java.util.Map;

import dev.outbox.InvalidMessageException;
import dev.outbox.InvalidMessageException.Reason;
import dev.outbox.OutboxMessage;
import dev.outbox.OutboxRecord;
import dev.outbox.transport.TransportCapabilities;
import dev.outbox.transport.TransportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class TransportOptionsTests {

	private static final TransportOption<Integer> PRIORITY = TransportOption.integer("priority", 0, 9);

	private static final TransportOption<String> ROUTING_KEY = TransportOption.text("routing-key", 5);

	private static final TransportOption<Boolean> PERSISTENT = TransportOption.flag("persistent");

	private static final TransportOption<Long> TIMESTAMP = TransportOption.number("timestamp", 0, Long.MAX_VALUE);

	@Test
	void optionsOfTheTransportAreTaken() {
		Map<String, Object> options = Map.of("priority", 9, "routing-key", "a.b", "persistent", false, "timestamp", 5);
		assertThat(create("x", "rabbit", options).options()).isEqualTo(options);
	}

	@Test
	void anOptionThatAnEventDoesNotSetHasTheDefaultOfTheTransport() {
		assertThat(create("x", "other", Map.of("priority", 1)).options())
			.isEqualTo(Map.of("priority", 1, "usual", "default"));
		assertThat(create("x", "other", Map.of("usual", "own")).options()).isEqualTo(Map.of("usual", "own"));
		assertThat(create("x", "kafka", Map.of()).options()).isEmpty();
	}

	@Test
	void anOptionThatTheTransportDoesNotHaveIsRefusedByName() {
		InvalidMessageException refusal = refusal("x", "kafka", Map.of("priority", 9));
		assertThat(refusal.reason()).isEqualTo(Reason.UNSUPPORTED_OPTION);
		assertThat(refusal).hasMessageContaining("'kafka' has no option 'priority'")
			.hasMessageContaining("[timestamp]")
			.hasMessageContaining("was neither stored nor sent");
	}

	@ParameterizedTest
	@MethodSource
	void aValueThatAnOptionCannotHaveIsRefusedByName(String option, Object value, String expected) {
		InvalidMessageException refusal = refusal("x", "rabbit", Map.of(option, value));
		assertThat(refusal.reason()).isEqualTo(Reason.UNSUPPORTED_VALUE);
		assertThat(refusal).hasMessageContaining("'" + option + "'").hasMessageContaining(expected);
	}

	static List<Arguments> aValueThatAnOptionCannotHaveIsRefusedByName() {
		return List.of(Arguments.of("priority", 300, "from 0 to 9"), Arguments.of("priority", -1, "from 0 to 9"),
				Arguments.of("priority", "5", "whole number"), Arguments.of("priority", 5.0, "whole number"),
				Arguments.of("routing-key", "a.b.c.", "at most 5 characters"), Arguments.of("routing-key", 5, "text"),
				Arguments.of("persistent", "true", "true or false"), Arguments.of("timestamp", -5L, "from 0 to"));
	}

	@Test
	void theTransportRefusesOptionsThatContradictEachOther() {
		InvalidMessageException refusal = refusal("impossible", "rabbit", Map.of());
		assertThat(refusal.reason()).isEqualTo(Reason.CONTRADICTION);
		assertThat(refusal).hasMessageContaining("not possible");
	}

	@Test
	void anInstanceWithoutTransportsCannotCheckOptions() {
		OutboxMessage message = message("x", "kafka", Map.of("anything", 1));
		assertThat(TestEvents.factory().create(message, Map.of())).isPresent();
	}

	@Test
	void numbersKeepTheirSizeInAStoreThatHasOnlyLongs() {
		assertThat(PRIORITY.in(Map.of("priority", 5L))).isEqualTo(5);
		assertThat(TIMESTAMP.in(Map.of("timestamp", 5))).isEqualTo(5L);
		assertThat(PRIORITY.in(Map.of())).isNull();
	}

	@Test
	void aConfigurationMayWriteValuesAsText() {
		assertThat(PRIORITY.parse("7")).isEqualTo(7);
		assertThat(TIMESTAMP.parse(7)).isEqualTo(7L);
		assertThat(PERSISTENT.parse("FALSE")).isFalse();
		assertThat(ROUTING_KEY.parse(12)).isEqualTo("12");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ten", "10", "" })
	void aTextThatIsNoPossibleNumberIsRefusedByName(String value) {
		assertThatIllegalArgumentException().isThrownBy(() -> PRIORITY.parse(value)).withMessageContaining("priority");
		assertThatIllegalArgumentException().isThrownBy(() -> PERSISTENT.parse(value))
			.withMessageContaining("persistent");
	}

	private static InvalidMessageException refusal(String type, String transport, Map<String, Object> options) {
		return catchThrowableOfType(InvalidMessageException.class, () -> create(type, transport, options));
	}

	private static OutboxRecord create(String type, String transport, Map<String, Object> options) {
		List<TransportCapabilities> transports = List.of(NamedTransport.of("kafka", TIMESTAMP),
				NamedTransport.of("rabbit", PRIORITY, ROUTING_KEY, PERSISTENT, TIMESTAMP),
				NamedTransport.of("other", PRIORITY, TransportOption.text("usual", 10)));
		WriteSettings settings = new WriteSettings(1000, null, transports, Map.of(), HeaderSettings.defaults("shop"));
		return TestEvents.factory(settings, OutboxRouting.none(), (eventType, destination) -> Map.of())
			.create(message(type, transport, options), Map.of())
			.orElseThrow()
			.record();
	}

	private static OutboxMessage message(String type, String transport, Map<String, Object> options) {
		return OutboxMessage.builder()
			.eventType(type)
			.transport(transport)
			.destination("d")
			.options(options)
			.payload("p")
			.build();
	}

}
