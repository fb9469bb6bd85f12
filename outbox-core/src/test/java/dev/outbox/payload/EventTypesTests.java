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

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;

import dev.outbox.InvalidEventTypeException;
import dev.outbox.OutboxEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EventTypesTests {

	private final EventTypes types = new EventTypes();

	@Test
	void theAnnotationNamesTheTypeAndTheKey() {
		EventType type = this.types.find(OrderPlaced.class).orElseThrow();
		assertThat(type.name()).isEqualTo("order.placed");
		assertThat(type.version()).isEqualTo(2);
		assertThat(type.destination()).isEqualTo("orders");
		assertThat(type.transport()).isEqualTo("kafka");
		assertThat(type.aggregateType()).isEqualTo("order");
		assertThat(type.key(new OrderPlaced("o-1"))).isEqualTo("o-1");
		assertThat(this.types.find("order.placed", 2)).containsSame(type);
		assertThat(this.types.find("order.placed", 1)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "java.lang.String,string", "java.lang.StringBuilder,string.builder", "java.net.URI,uri",
			"java.net.HttpURLConnection,http.url.connection", "java.util.zip.Adler32,adler32" })
	void aClassWithoutANameGetsTheOneOfItsClassInLowerCaseWithDots(Class<?> eventClass, String name) {
		assertThat(EventTypes.defaultName(eventClass)).isEqualTo(name);
	}

	@Test
	void anUnannotatedClassIsNoEvent() {
		assertThat(this.types.find(String.class)).isEmpty();
	}

	@Test
	void aSubclassIsWhatItsSuperclassIs() {
		assertThat(this.types.find(SubEvent.class)).containsSame(this.types.find(BaseEvent.class).orElseThrow());
	}

	@Test
	void anInterfaceSpeaksForTheClassesThatImplementIt() {
		EventType shipped = this.types.find(Shipped.class).orElseThrow();
		assertThat(shipped.name()).isEqualTo("shipped");
		assertThat(shipped.eventClass()).isEqualTo(Shipped.class);
		assertThat(shipped.declaringClass()).isEqualTo(ParcelEvent.class);
		assertThat(shipped.aggregateType()).isEqualTo("parcel");
		assertThat(shipped.isAnnotated()).isTrue();
		assertThat(shipped.key(new Shipped("p-1"))).isEqualTo("p-1");
		assertThat(this.types.find(Received.class).orElseThrow().name()).isEqualTo("received");
	}

	@Test
	void whatAClassOrItsSuperclassSaysWinsOverAnInterface() {
		assertThat(this.types.find(Lost.class).orElseThrow().aggregateType()).isEqualTo("complaint");
		assertThat(this.types.find(LostAgain.class)).containsSame(this.types.find(Lost.class).orElseThrow());
	}

	@Test
	void aSubclassOfAClassWithAnInterfaceHasATypeOfItsOwn() {
		assertThat(this.types.find(AbstractParcelEvent.class)).isEmpty();
		assertThat(this.types.find(Weighed.class).orElseThrow().name()).isEqualTo("weighed");
	}

	@Test
	void anInterfaceThatExtendsAnotherOneWinsOverIt() {
		assertThat(this.types.find(Insured.class).orElseThrow().aggregateType()).isEqualTo("insurance");
	}

	@Test
	void twoInterfacesThatSayDifferentThingsAreRefused() {
		assertThatExceptionOfType(InvalidEventTypeException.class).isThrownBy(() -> this.types.find(Torn.class))
			.withMessageContaining(ParcelEvent.class.getName())
			.withMessageContaining(LetterEvent.class.getName())
			.withMessageContaining("Annotate the class itself");
	}

	@Test
	void aTypeThatAnInterfaceNamesIsThatOfOneClass() {
		assertThat(this.types.find(LetterEvent.class)).isEmpty();
		this.types.register(Stamped.class);
		assertThatExceptionOfType(InvalidEventTypeException.class).isThrownBy(() -> this.types.find(Posted.class))
			.withMessageContaining("Give one of them another type");
	}

	@Test
	void aRegisteredClassIsKnownByItsName() {
		this.types.register(String.class, "text.sent", 3);
		assertThat(this.types.find("text.sent", 3).orElseThrow().eventClass()).isEqualTo(String.class);
		assertThat(this.types.find(String.class).orElseThrow().isAnnotated()).isFalse();
		assertThat(this.types.find(OrderPlaced.class).orElseThrow().isAnnotated()).isTrue();
	}

	@Test
	void twoClassesNeverShareANameAndVersion() {
		this.types.register(OrderPlaced.class);
		assertThatExceptionOfType(InvalidEventTypeException.class).isThrownBy(() -> this.types.find(Impostor.class))
			.withMessageContaining("'order.placed' v2")
			.withMessageContaining(OrderPlaced.class.getName())
			.withMessageContaining(Impostor.class.getName());
	}

	@Test
	void aClassIsRegisteredOnce() {
		this.types.register(OrderPlaced.class);
		assertThatExceptionOfType(InvalidEventTypeException.class)
			.isThrownBy(() -> this.types.register(OrderPlaced.class, "other", 1));
		assertThat(this.types.find(OrderPlaced.class).orElseThrow().name()).isEqualTo("order.placed");
	}

	@Test
	void aVersionBelowOneIsRefused() {
		assertThatExceptionOfType(InvalidEventTypeException.class)
			.isThrownBy(() -> this.types.register(String.class, "text.sent", 0));
	}

	@Test
	void aKeyThatDoesNotExistIsRefusedWhenTheClassIsFirstSeen() {
		assertThatExceptionOfType(InvalidEventTypeException.class).isThrownBy(() -> this.types.find(WrongKey.class))
			.withMessageContaining("orderID");
	}

	static List<Object> eventsWithKey() {
		return List.of(new OrderPlaced("k"), new ByGetter(), new ByBooleanGetter(), new ByField(),
				new ByInheritedField(), new ByInterface() {
				});
	}

	@ParameterizedTest
	@MethodSource("eventsWithKey")
	void theKeyIsARecordComponentAGetterOrAField(Object event) {
		Object key = EventTypesTests.this.types.register(event.getClass(), "x", 1)
			.find(event.getClass())
			.orElseThrow()
			.key(event);
		assertThat(key).isIn("k", true);
	}

	@Test
	void anAnnotationThatCarriesTheAnnotationMakesAClassAnEvent() {
		EventType type = this.types.find(ShopEventByItself.class).orElseThrow();
		assertThat(type.name()).isEqualTo("shop.event.by.itself");
		assertThat(type.aggregateType()).isEqualTo("shop");
		assertThat(type.transport()).isEqualTo("nats");
		assertThat(type.key(new ShopEventByItself("k"))).isEqualTo("k");
		EventType own = this.types.find(ShopEventWithName.class).orElseThrow();
		assertThat(own.name()).isEqualTo("named");
		assertThat(own.aggregateType()).isEqualTo("shop");
		assertThat(own.key(new ShopEventWithName("k"))).isEqualTo("k");
	}

	@Test
	void twoDifferentKeysAreRefused() {
		assertThatExceptionOfType(InvalidEventTypeException.class).isThrownBy(() -> this.types.find(TwoKeys.class))
			.withMessageContaining(TwoKeys.class.getName())
			.withMessageContaining("name, id");
	}

	@Test
	void theAnnotationsOfModulithAndJMoleculesAreReadByName() {
		EventType modulith = this.types.find(ModulithEvent.class).orElseThrow();
		assertThat(modulith.destination()).isEqualTo("parcels");
		assertThat(modulith.name()).isEqualTo("modulith.event");
		assertThat(modulith.key(new ModulithEvent("p-7"))).isEqualTo("p-7");
		EventType molecules = this.types.find(MoleculesEvent.class).orElseThrow();
		assertThat(molecules.destination()).isEqualTo("letters");
		assertThat(molecules.hasKey()).isFalse();
	}

	@Test
	void aKeyThatIsMoreThanAPropertyIsRefused() {
		assertThatExceptionOfType(InvalidEventTypeException.class).isThrownBy(() -> this.types.find(Expression.class))
			.withMessageContaining("#{id.substring(2)}");
	}

	@OutboxEvent(type = "order.placed", version = 2, key = "orderId", destination = "orders", transport = "kafka",
			aggregateType = "order")
	record OrderPlaced(String orderId) {

	}

	@OutboxEvent(type = "order.placed", version = 2)
	record Impostor() {

	}

	@OutboxEvent(key = "orderID")
	record WrongKey(String orderId) {

	}

	@OutboxEvent
	static class BaseEvent {

	}

	static class SubEvent extends BaseEvent {

	}

	@OutboxEvent(key = "id")
	static class ByGetter {

		String getId() {
			return "k";
		}

	}

	@OutboxEvent(key = "late")
	static class ByBooleanGetter {

		boolean isLate() {
			return true;
		}

	}

	@OutboxEvent(key = "id")
	static class ByField {

		private final String id = "k";

	}

	@OutboxEvent(key = "id")
	static class ByInheritedField extends ByField {

	}

	@OutboxEvent(key = "id")
	abstract static class ByInterface implements HasId {

	}

	@OutboxEvent(aggregateType = "parcel", key = "number")
	interface ParcelEvent {

	}

	@OutboxEvent(aggregateType = "insurance")
	interface InsuranceEvent extends ParcelEvent {

	}

	@OutboxEvent(type = "letter")
	interface LetterEvent {

	}

	record Shipped(String number) implements ParcelEvent {

	}

	record Received(String number) implements ParcelEvent {

	}

	record Insured(String number) implements ParcelEvent, InsuranceEvent {

	}

	record Torn(String number) implements ParcelEvent, LetterEvent {

	}

	record Stamped(String number) implements LetterEvent {

	}

	record Posted(String number) implements LetterEvent {

	}

	@OutboxEvent(aggregateType = "complaint")
	static class Lost implements ParcelEvent {

	}

	static class LostAgain extends Lost implements ParcelEvent {

	}

	abstract static class AbstractParcelEvent implements ParcelEvent {

		final String number = "p-1";

	}

	static class Weighed extends AbstractParcelEvent {

	}

	interface HasId {

		default String id() {
			return "k";
		}

	}

	@org.springframework.modulith.events.Externalized("parcels::#{#this.id()}")
	record ModulithEvent(String id) {

	}

	@org.jmolecules.event.annotation.Externalized(target = "letters")
	record MoleculesEvent(String id) {

	}

	@org.springframework.modulith.events.Externalized("parcels::#{id.substring(2)}")
	record Expression(String id) {

	}

	@Retention(RetentionPolicy.RUNTIME)
	@OutboxEvent(aggregateType = "shop", transport = "nats")
	@interface ShopEvent {

		String key() default "";

	}

	@ShopEvent(key = "id")
	record ShopEventByItself(String id) {

	}

	@OutboxEvent(type = "named")
	@ShopEvent(key = "id")
	record ShopEventWithName(String id) {

	}

	@OutboxEvent(type = "two.keys", key = "name")
	@ShopEvent(key = "id")
	record TwoKeys(String id, String name) {

	}

}
