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

package dev.outbox.payload;

import java.lang.reflect.Proxy;

import dev.outbox.InvalidEventTypeException;
import dev.outbox.OutboxEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.cglib.proxy.Enhancer;
import org.springframework.cglib.proxy.NoOp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Annotated interfaces, and the classes behind them that are no plain ones.
 */
class InterfaceEventTypesTests {

	private final EventTypes types = new EventTypes();

	@Test
	void anAbstractClassDoesNotTakeTheNameOfItsOnlySubclass() {
		assertThat(this.types.find(Letter.class).orElseThrow().name()).isEqualTo("letter");
		assertThat(this.types.known()).extracting(EventType::eventClass).containsExactly(Letter.class);
	}

	@Test
	void theKeyNeedNotBeInTheAbstractClass() {
		assertThat(this.types.find(Parcel.class).orElseThrow().key(new Parcel())).isEqualTo("p-1");
	}

	@Test
	void baseClassesOfOneNameDoNotClash() {
		assertThat(this.types.find(North.Sent.class)).isPresent();
		assertThat(this.types.find(South.Received.class)).isPresent();
		assertThat(this.types.known()).extracting(EventType::name).containsExactlyInAnyOrder("sent", "received");
	}

	@Test
	void aConcreteClassBehindAnInterfaceDoesNotTakeANameForItsSubclass() {
		assertThat(this.types.find(HeavyParcel.class).orElseThrow().name()).isEqualTo("heavy.parcel");
		assertThat(this.types.known()).hasSize(1);
	}

	@Test
	void aRegisteredClassKeepsWhatItsInterfaceSays() {
		this.types.register(Parcel.class, "parcel.sent", 3);
		EventType type = this.types.find(Parcel.class).orElseThrow();
		assertThat(type.name()).isEqualTo("parcel.sent");
		assertThat(type.aggregateType()).isEqualTo("parcel");
		assertThat(type.destination()).isEqualTo("parcels");
		assertThat(type.transport()).isEqualTo("kafka");
		assertThat(type.key(new Parcel())).isEqualTo("p-1");
		assertThat(type.isAnnotated()).isTrue();
	}

	@Test
	void aSubclassOfARegisteredClassWithAnInterfaceIsWhatThatIs() {
		this.types.register(Parcel.class, "parcel.sent", 3);
		assertThat(this.types.find(HeavyParcel.class)).containsSame(this.types.find(Parcel.class).orElseThrow());
	}

	@Test
	void aConstantWithABodyIsAnEventOfItsEnum() {
		assertThat(Signal.LOUD.getClass()).isNotEqualTo(Signal.class);
		assertThat(this.types.find(Signal.LOUD.getClass()).orElseThrow().name()).isEqualTo("signal");
		assertThat(this.types.find(Signal.QUIET.getClass()))
			.containsSame(this.types.find(Signal.LOUD.getClass()).orElseThrow());
	}

	@Test
	void aSubclassThatALibraryMadeIsTheClassThatItExtends() {
		Object event = Enhancer.create(Parcel.class, NoOp.INSTANCE);
		assertThat(event.getClass()).isNotEqualTo(Parcel.class);
		EventType type = this.types.find(event.getClass()).orElseThrow();
		assertThat(type.eventClass()).isEqualTo(Parcel.class);
		assertThat(type.name()).isEqualTo("parcel");
		assertThat(type.key(event)).isEqualTo("p-1");
	}

	static Object[] nameless() {
		NoticeEvent lambda = () -> "n-1";
		NoticeEvent anonymous = new NoticeEvent() {

			@Override
			public String number() {
				return "n-1";
			}

		};
		Object proxy = Proxy.newProxyInstance(NoticeEvent.class.getClassLoader(), new Class<?>[] { NoticeEvent.class },
				(self, method, arguments) -> "n-1");
		Object generated = Enhancer.create(Plain.class, new Class<?>[] { NoticeEvent.class }, NoOp.INSTANCE);
		return new Object[] { lambda.getClass(), anonymous.getClass(), proxy.getClass(), generated.getClass(),
				Enhancer.create(ParcelBase.class, NoOp.INSTANCE).getClass() };
	}

	@ParameterizedTest
	@MethodSource("nameless")
	void aClassWithoutALastingNameIsRefused(Class<?> eventClass) {
		assertThatExceptionOfType(InvalidEventTypeException.class).isThrownBy(() -> this.types.find(eventClass))
			.withMessageContaining("no lasting name")
			.withMessageContaining("named class that implements the interface");
		assertThat(this.types.known()).isEmpty();
	}

	@Test
	void anAnonymousSubclassOfAnAnnotatedClassIsWhatThatIs() {
		assertThat(this.types.find(new Annotated() {
		}.getClass())).containsSame(this.types.find(Annotated.class).orElseThrow());
	}

	@Test
	void theKeyMayBeAMethodOfAnInterfaceThatAnotherOneExtends() {
		assertThat(this.types.find(Ordered.class).orElseThrow().key(new Ordered())).isEqualTo("o-1");
	}

	static class Plain {

	}

	@OutboxEvent(type = "letter")
	interface LetterEvent {

	}

	abstract static class Mail implements LetterEvent {

	}

	static class Letter extends Mail {

	}

	@OutboxEvent(aggregateType = "parcel", key = "number", destination = "parcels", transport = "kafka")
	interface ParcelEvent {

	}

	abstract static class ParcelBase implements ParcelEvent {

	}

	static class Parcel extends ParcelBase {

		final String number = "p-1";

	}

	static class HeavyParcel extends Parcel {

	}

	@OutboxEvent
	interface PostEvent {

	}

	static class North {

		abstract static class Base implements PostEvent {

		}

		static class Sent extends Base {

		}

	}

	static class South {

		abstract static class Base implements PostEvent {

		}

		static class Received extends Base {

		}

	}

	enum Signal implements PostEvent {

		LOUD {

			@Override
			int volume() {
				return 10;
			}

		},

		QUIET {

			@Override
			int volume() {
				return 1;
			}

		};

		abstract int volume();

	}

	@OutboxEvent(key = "number")
	interface NoticeEvent {

		String number();

	}

	@OutboxEvent
	static class Annotated implements NoticeEvent {

		@Override
		public String number() {
			return "n-1";
		}

	}

	interface HasOrder {

		default String orderId() {
			return "o-1";
		}

	}

	@OutboxEvent(key = "orderId")
	interface OrderEvent extends HasOrder {

	}

	static class Ordered implements OrderEvent {

	}

}
