"""Actions for `npm run bench -- interop`: what an action server in Python can send to the server that calls it."""
from rasa_sdk import Action, FormValidationAction
from rasa_sdk.events import FollowupAction, SlotSet, UserUtteranceReverted
from rasa_sdk.interfaces import ActionExecutionRejection


class Say(Action):
    def name(self):
        return "action_say"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="one", buttons=[{"title": "Yes", "payload": "/greet"}])
        dispatcher.utter_message(response="utter_price", price=5.0, size="ä large")
        dispatcher.utter_message(image="https://shop.example/a.png")
        dispatcher.utter_message(json_message={"card": [1, 2.5, None, True]})
        dispatcher.utter_message(response="utter_nowhere")
        dispatcher.utter_message(attachment={"type": "video"}, text="two")
        return []


class Set(Action):
    def name(self):
        return "action_set"

    def run(self, dispatcher, tracker, domain):
        return [SlotSet("list", ["a", 1, 5.0]), SlotSet("float", 5.0), SlotSet("note", {"k": "é"}), SlotSet("nowhere", 1)]


class Read(Action):
    def name(self):
        return "action_read"

    def run(self, dispatcher, tracker, domain):
        values = [tracker.get_slot(name) for name in ("list", "float", "note")]
        dispatcher.utter_message(text=f"{values} {tracker.latest_message['intent']['name']} {tracker.get_latest_input_channel()}")
        dispatcher.utter_message(text=f"{len(tracker.events)} {sorted(tracker.active_loop)} {tracker.latest_action_name}")
        return []


class Reject(Action):
    def name(self):
        return "action_reject"

    def run(self, dispatcher, tracker, domain):
        raise ActionExecutionRejection(self.name())


class Fail(Action):
    def name(self):
        return "action_fail"

    def run(self, dispatcher, tracker, domain):
        raise ValueError("The shop is closed.")


class Follow(Action):
    def name(self):
        return "action_follow"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="before")
        return [FollowupAction("utter_greet")]


class Undo(Action):
    def name(self):
        return "action_undo"

    def run(self, dispatcher, tracker, domain):
        return [UserUtteranceReverted()]


class Domain(Action):
    def name(self):
        return "action_domain"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text=f"{len(domain['intents'])} {sorted(domain['slots'])} {sorted(domain)}")
        return []


class ValidateOrderForm(FormValidationAction):
    def name(self):
        return "validate_order_form"

    def validate_size(self, value, dispatcher, tracker, domain):
        if value in ("small", "large"):
            return {"size": value}
        dispatcher.utter_message(text=f"There is no {value}.")
        return {"size": None}

    def validate_count(self, value, dispatcher, tracker, domain):
        return {"count": int(value) if str(value).isdigit() else None}
