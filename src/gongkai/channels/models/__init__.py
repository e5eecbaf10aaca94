from gongkai.channels.models.accounts import Account as Account
from gongkai.channels.models.accounts import AccountCheck as AccountCheck
from gongkai.channels.models.accounts import Post as Post
from gongkai.channels.models.channels import Channel as Channel
from gongkai.channels.models.channels import ChannelRule as ChannelRule
from gongkai.channels.models.deeds import Deed as Deed
from gongkai.channels.models.deliveries import Attempt as Attempt
from gongkai.channels.models.deliveries import Delivery as Delivery
